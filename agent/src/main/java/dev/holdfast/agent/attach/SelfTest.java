package dev.holdfast.agent.attach;

import dev.holdfast.InvalidPolicyException;
import dev.holdfast.agent.weave.ComposedAnnotations;
import dev.holdfast.agent.weave.Weaver;
import dev.holdfast.agent.weave.Weaving;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.Callable;

/**
 * Tries the whole chain out before the first class of the program goes through it: scan, weave, load and verify, link by the bridge
 * and the runtime, call. Whatever another agent or an unknown JVM has broken shows here, and not in the program.
 */
final class SelfTest implements Callable<Weaver> {

    private static final String PROBE = "dev.holdfast.agent.attach.Probe";

    /** Builds the weaver and tries it out; throws what went wrong. */
    @Override
    public Weaver call() throws IOException, ReflectiveOperationException {
        Weaver weaver = new Weaver();
        run(weaver);
        return weaver;
    }

    private static void run(Weaver weaver) throws IOException, ReflectiveOperationException {
        ClassLoader own = SelfTest.class.getClassLoader();
        ComposedAnnotations.View types = new ComposedAnnotations().seenBy(own, new LoaderResources(own));
        Weaving weaving = weaver.weave(classFile(own), types, null);
        byte[] woven = weaving.classFile();
        if (woven == null) {
            throw new IllegalStateException("nothing was woven, " + weaving.left());
        }
        Method answer = new ProbeLoader(own).define(woven).getMethod("answer", Object[].class, Object.class);
        answer.setAccessible(true);
        Object[] into = new Object[1];
        try {
            answer.invoke(null, into, PROBE);
        } catch (InvocationTargetException thrown) {
            if (thrown.getCause() instanceof InvalidPolicyException) {
                return; // a setting that holds for every class makes the probe's definition invalid, too: the chain is
                // whole
            }
            throw thrown;
        }
        if (into[0] != PROBE) {
            throw new IllegalStateException("the woven method did not run its body");
        }
    }

    private static byte[] classFile(ClassLoader own) throws IOException {
        String resource = PROBE.replace('.', '/') + ".class";
        try (InputStream content = own.getResourceAsStream(resource)) {
            if (content == null) {
                throw new IOException(resource + " is missing in the agent's jar");
            }
            return content.readAllBytes();
        }
    }

    /** Has the woven probe to itself, and is thrown away with it. */
    static final class ProbeLoader extends ClassLoader {

        private ProbeLoader(ClassLoader parent) {
            super("holdfast-self-test", parent);
        }

        private Class<?> define(byte[] classFile) {
            return defineClass(PROBE, classFile, 0, classFile.length);
        }
    }
}
