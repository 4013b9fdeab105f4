/** Programs that are handed HTTP. */
package dev.holdfast.it.programs.http;
