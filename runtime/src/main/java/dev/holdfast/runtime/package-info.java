/**
 * The middle of the house: a woven method's site, one {@link dev.holdfast.runtime.Call} of it, and
 * the {@link dev.holdfast.runtime.Policy policies} that a call goes through in the one order that
 * the list of layers spells out. It knows no annotation; each has a room (a package) of its own.
 *
 * <p>The way of a method: the class file carries its definitions, a room reads and checks
 * them into settings and {@link dev.holdfast.runtime.Faults faults}, and binds the settings to the method as policies.
 */
@NullMarked
package dev.holdfast.runtime;

import org.jspecify.annotations.NullMarked;
