/** Programs that look at what else the agent does to a JVM. */
package dev.holdfast.it.programs.citizen;
