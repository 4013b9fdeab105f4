/** Definitions that are wrong, and what is said of them. */
package dev.holdfast.it.programs.invalid;
