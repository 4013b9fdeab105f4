/** Real servers for tests. Each has a free port of the loopback, a folder of its own, and is ended by its own process id. */
@NullMarked
package dev.holdfast.servers;

import org.jspecify.annotations.NullMarked;
