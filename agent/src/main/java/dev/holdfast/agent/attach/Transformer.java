package dev.holdfast.agent.attach;

import dev.holdfast.agent.weave.ClassScan;
import dev.holdfast.agent.weave.ComposedAnnotations;
import dev.holdfast.agent.weave.Resources;
import dev.holdfast.agent.weave.Weaver;
import dev.holdfast.agent.weave.Weaving;
import dev.holdfast.agent.weave.Weaving.Woven;
import java.lang.instrument.ClassFileTransformer;
import java.lang.reflect.InvocationTargetException;
import java.security.ProtectionDomain;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Weaves classes as the JVM loads them. Nearly every class goes by after a look at its constant pool; the weaver is built, and
 * tried out, when the first one comes that bears an annotation of Holdfast.
 *
 * <p>A class keeps the shape in which it was loaded: when it is redefined or retransformed, the JVM would refuse a method more or
 * less. So what was woven is written down, and exactly that is woven again.
 *
 * <p>Never throws: a class that cannot be woven is loaded as it was, with one warning. Thread-safe.
 */
final class Transformer implements ClassFileTransformer {

    private final RuntimeEntry runtime;
    private final Aftercare aftercare;
    private final Callable<Weaver> makeWeaver;
    private final ComposedAnnotations composed = new ComposedAnnotations();
    private final LoaderStates loaders = new LoaderStates();
    private final ClassLoader own = Transformer.class.getClassLoader();
    private final ClassLoader platform = ClassLoader.getPlatformClassLoader();
    private final Supplier<Class<?>> bridge;

    /**
     * Whether this thread is in here: an application's loader that is asked for a resource may load classes for it. A field of a thread that is made
     * once, as to set and remove one costs as much as to scan a class; it is of the JDK's type, and keeps nothing alive.
     */
    private static final ThreadLocal<boolean[]> INSIDE = new ThreadLocal<>();

    private final ReentrantLock weaverLock = new ReentrantLock();
    private volatile @Nullable Weaver weaver;
    private volatile boolean off;
    private volatile @Nullable Predicate<String> weaves;

    /**
     * Ready for {@code Instrumentation.addTransformer}, as one that is capable of retransformation.
     *
     * @param bridge what woven classes must find under its name; asked for when there is one to be woven
     * @param makeWeaver builds the weaver and tries it out; if it throws, nothing is ever woven, but where
     *     stack or memory ended
     */
    Transformer(RuntimeEntry runtime, Aftercare aftercare, Supplier<Class<?>> bridge, Callable<Weaver> makeWeaver) {
        this.runtime = runtime;
        this.aftercare = aftercare;
        this.bridge = bridge;
        this.makeWeaver = makeWeaver;
    }

    @Override
    public byte @Nullable [] transform(
            @Nullable Module module,
            @Nullable ClassLoader loader,
            @Nullable String name,
            @Nullable Class<?> redefined,
            @Nullable ProtectionDomain domain,
            byte[] classFile) {
        if (loader == null || loader == own || loader == platform || name == null || off) {
            return null;
        }
        if (loader instanceof SelfTest.ProbeLoader) {
            return null; // woven already
        }
        try {
            boolean[] here = INSIDE.get();
            if (here == null) {
                here = new boolean[1];
                INSIDE.set(here);
            }
            if (here[0]) {
                leaveNested(loader, name, redefined, classFile);
                return null;
            }
            here[0] = true;
            try {
                return redefined == null ? first(loader, name, classFile) : again(loader, name, classFile);
            } finally {
                here[0] = false;
            }
        } catch (Throwable failed) {
            warn(loader, className(name) + " cannot be woven, and runs unprotected: " + failed, failed);
            return null;
        }
    }

    /** A class that is being loaded. */
    private byte @Nullable [] first(ClassLoader loader, String name, byte[] classFile) {
        ComposedAnnotations.View types = composed.seenBy(loader, new LoaderResources(loader));
        if (!ClassScan.concerns(classFile, types)) {
            return null;
        }
        String className = className(name);
        if (!admits(className)) {
            return null;
        }
        LoaderState state = loaders.of(loader);
        if (!findsBridge(loader, state, className)) {
            return null;
        }
        Weaver weaver = weaver(loader);
        if (weaver == null) {
            return null;
        }
        Weaving weaving = weaver.weave(classFile, types, null);
        for (String left : weaving.left()) {
            warn(loader, left, null);
        }
        if (weaving.classFile() != null) {
            aftercare.check(loader, className, weaving.methods());
            // Last: if anything fails before, the class is loaded as it was, and must stay so.
            state.woven.put(name, signatures(weaving.methods()));
        }
        return weaving.classFile();
    }

    /** A class that is loaded already, and is being redefined or retransformed by somebody. */
    private byte @Nullable [] again(ClassLoader loader, String name, byte[] classFile) {
        LoaderState state = loaders.known(loader);
        Set<String> methods = state == null ? null : state.woven.get(name);
        Weaver weaver = this.weaver;
        if (methods == null || weaver == null) {
            return null;
        }
        ComposedAnnotations.View types = composed.seenBy(loader, new LoaderResources(loader));
        return weaver.weave(classFile, types, methods).classFile();
    }

    /** What was woven when a class was loaded, as name and descriptor in one; empty for a class that was not. */
    Set<String> woven(ClassLoader loader, String className) {
        LoaderState state = loaders.known(loader);
        Set<String> methods = state == null ? null : state.woven.get(className.replace('.', '/'));
        return methods == null ? Set.of() : methods;
    }

    /** Whether a class that is loaded already ought to have been woven. Builds the weaver only if it seems so. */
    boolean wouldWeave(ClassLoader loader, String className) {
        LoaderResources resources = new LoaderResources(loader);
        byte[] classFile = resources.find(className.replace('.', '/') + ".class");
        if (classFile == null) {
            return false;
        }
        ComposedAnnotations.View types = composed.seenBy(loader, resources);
        if (!ClassScan.concerns(classFile, types) || !admits(className)) {
            return false;
        }
        Weaver weaver = weaver(loader);
        return weaver != null && !weaver.weave(classFile, types, null).methods().isEmpty();
    }

    /**
     * A class that is loaded while this thread is in here for another one. To go on might go round in circles, so it is left
     * alone, and that is told if it matters.
     */
    private void leaveNested(ClassLoader loader, String name, @Nullable Class<?> redefined, byte[] classFile) {
        ComposedAnnotations.View nothingKnown = new ComposedAnnotations().seenBy(loader, new NoResources());
        if (redefined == null && ClassScan.concerns(classFile, nothingKnown)) {
            warn(
                    loader,
                    className(name)
                            + " was loaded by its class loader in search of another class, and runs unprotected",
                    null);
        }
    }

    private boolean admits(String className) {
        Predicate<String> admits = weaves;
        if (admits == null) {
            admits = runtime.weaves();
            weaves = admits;
        }
        return admits.test(className);
    }

    private boolean findsBridge(ClassLoader loader, LoaderState state, String className) {
        Boolean finds = state.findsBridge;
        if (finds == null) {
            finds = findsBridge(loader);
            state.findsBridge = finds;
            if (!finds) {
                warn(
                        loader,
                        "the classes of " + loader.getClass().getName() + " run unprotected, " + className
                                + " is the first of them: this class loader does not find "
                                + bridge.get().getName()
                                + ". Remedy: let it delegate java.* to its parent, as class loaders must.",
                        null);
            }
        }
        return finds;
    }

    /** By the same look-up as the JVM's own when it links the class. */
    private boolean findsBridge(ClassLoader loader) {
        Class<?> bridge = this.bridge.get();
        try {
            return Class.forName(bridge.getName(), false, loader) == bridge;
        } catch (ClassNotFoundException | LinkageError | RuntimeException notFound) {
            return false;
        }
    }

    /** The weaver, built and tried out at the first need; null if it is of no use in this JVM. */
    private @Nullable Weaver weaver(ClassLoader loader) {
        Weaver built = weaver;
        if (built != null || off) {
            return built;
        }
        // No loader of the application's is asked for anything in here, so nobody who holds its lock can be waiting for
        // this one.
        weaverLock.lock();
        try {
            if (weaver == null && !off) {
                weaver = makeWeaver.call();
            }
        } catch (Throwable thrown) {
            Throwable failed = thrown instanceof InvocationTargetException ? thrown.getCause() : thrown;
            if (failed instanceof StackOverflowError || failed instanceof OutOfMemoryError) {
                // Says something of this thread or moment, and nothing of this JVM: the next class tries again.
                throw (VirtualMachineError) failed;
            }
            off = true;
            aftercare.log(
                    "error",
                    loader,
                    "Holdfast has switched itself off, and the program runs unprotected: its self-test failed with "
                            + failed + ". Remedy: update Holdfast or the other agents, or set holdfast.enabled=false.",
                    failed);
        } finally {
            weaverLock.unlock();
        }
        return weaver;
    }

    private void warn(ClassLoader loader, String message, @Nullable Throwable cause) {
        aftercare.log("warn", loader, message, cause);
    }

    private static String className(String name) {
        return name.replace('/', '.');
    }

    private static Set<String> signatures(List<Woven> methods) {
        Set<String> signatures = new HashSet<>();
        for (Woven method : methods) {
            signatures.add(method.signature());
        }
        return signatures;
    }

    /** For a class that is looked at where nothing may be looked up. */
    private static final class NoResources implements Resources {

        @Override
        public byte @Nullable [] find(String resourceName) {
            return null;
        }
    }
}
