/**
 * From a class file to the woven one: the quick {@link dev.holdfast.agent.weave.ClassScan scan} that lets nearly every class go by,
 * the reading of the annotations, and the {@link dev.holdfast.agent.weave.Weaver}, which moves bodies aside and puts wrappers in
 * their place. The woven shape itself is shown in the Javadoc of {@link dev.holdfast.bridge.HoldfastSite}.
 *
 * <p>Nothing here loads a class or asks a class loader for one: everything is read from class files as bytes, because a class
 * look-up inside a class-file transformer can deadlock. What comes out depends on the class file and on the composed annotations
 * that it bears, and on nothing else: the JVM replays transformers when another agent retransforms, and must get the same methods
 * again.
 */
@NullMarked
package dev.holdfast.agent.weave;

import org.jspecify.annotations.NullMarked;
