/**
 * Every kind of method under every policy. The kinds are sources that the tests compile, for each release of the class-file
 * format and each policy in a package of its own; the types here plan what their bodies do and check what comes of it.
 */
package dev.holdfast.it.programs.kinds;
