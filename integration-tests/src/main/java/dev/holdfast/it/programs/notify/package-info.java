/** Programs of which the failures are told. */
package dev.holdfast.it.programs.notify;
