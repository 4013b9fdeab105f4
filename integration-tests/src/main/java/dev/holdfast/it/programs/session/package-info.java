/** Programs that have sessions. */
package dev.holdfast.it.programs.session;
