/** What {@link dev.holdfast.Recover} promises, one class of cases for each part of it. */
package dev.holdfast.it.programs.recover;
