/** What a woven program shows of itself: stack traces, reflection, serial forms. */
package dev.holdfast.it.programs.said;
