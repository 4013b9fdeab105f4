package dev.holdfast.runtime.settings;

/** What becomes of a method whose definition is invalid, {@code holdfast.invalid}. */
public enum WhenInvalid {
    /** Each of its calls throws {@link dev.holdfast.InvalidPolicyException}. */
    FAIL,
    /** It runs as if it were not annotated. */
    WARN
}
