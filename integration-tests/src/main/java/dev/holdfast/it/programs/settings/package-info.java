/** A program whose policies are set from outside. */
package dev.holdfast.it.programs.settings;
