/** Programs that run under other agents, too. */
package dev.holdfast.it.programs.beside;
