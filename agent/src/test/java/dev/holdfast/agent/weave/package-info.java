@NullMarked
package dev.holdfast.agent.weave;

import org.jspecify.annotations.NullMarked;
