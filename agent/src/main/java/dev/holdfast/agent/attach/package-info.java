/**
 * What happens from the moment the agent attaches, inside the isolated loader: the bridge is defined, the runtime started, and
 * classes are woven as they are loaded. The runtime is reached by reflection on its one entry, never linked against.
 */
@NullMarked
package dev.holdfast.agent.attach;

import org.jspecify.annotations.NullMarked;
