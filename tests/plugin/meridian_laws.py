"""The laws hold for Meridian: all that the distribution's own tests need."""

from cancelnorm.testing import laws

test_laws = laws("meridian")
