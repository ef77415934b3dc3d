"""Reading bytes: scalars, type expressions, and two readers that agree."""
