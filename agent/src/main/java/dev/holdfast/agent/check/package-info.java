/**
 * The command {@code check}: says what each annotated method of a program comes to, and what is wrong with it, before anything of it runs. Reads class
 * files as bytes; nothing of the program is loaded.
 */
@NullMarked
package dev.holdfast.agent.check;

import org.jspecify.annotations.NullMarked;
