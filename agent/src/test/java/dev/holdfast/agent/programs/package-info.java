/** Small programs, and agents, that the tests start in JVMs of their own. */
@NullMarked
package dev.holdfast.agent.programs;

import org.jspecify.annotations.NullMarked;
