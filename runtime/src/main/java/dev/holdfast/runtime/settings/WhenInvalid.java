package dev.holdfast.runtime.settings;

/** What becomes of a method whose definition is invalid, {@code holdfast.invalid}. */
public enum WhenInvalid {
    /** Its first call throws {@link dev.holdfast.InvalidPolicyException}. */
    FAIL,
    /** It runs as if it were not annotated. */
    WARN
}
