"""A fuzzer of this library: it mutates samples and logs, and holds what is read of them against invariants."""
