package dev.holdfast.it.programs.citizen;

/** Nobody throws it: a policy for it changes nothing. */
public final class Never extends RuntimeException {}
