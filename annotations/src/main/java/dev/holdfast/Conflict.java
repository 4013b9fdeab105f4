package dev.holdfast;

/** What holds where two calls change one session at the same time; see {@link SharedSession#conflict}. */
public enum Conflict {

    /** Each attribute has the value that was committed last. Calls that change different ones do not get in each other's way. */
    MERGE,

    /**
     * A call that has changes to commit ends with {@link SessionConflictException} where another one has meanwhile changed an attribute that
     * it read or wrote. Nothing of it is committed then.
     */
    FAIL
}
