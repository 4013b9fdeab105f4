/**
 * Events on disk, from the moment they are taken until every channel has handed them over: segments to which checksummed records are
 * appended, and a cursor for each channel.
 *
 * <p>Why not a library: what there is either has no checksums or maps files into memory, which on a full disk ends the JVM with
 * SIGBUS. How it is laid out: {@code <base>/<application>/<process>/} with {@code lock}, {@code events-<first number>.log},
 * {@code cursor-<channel>} and a folder {@code dead} of the same form. A process locks its folder for as long as it lives, however it
 * ends, so a folder that can be locked is left over, and the next process of the application adopts what is in it.
 */
@NullMarked
package dev.holdfast.runtime.notify.journal;

import org.jspecify.annotations.NullMarked;
