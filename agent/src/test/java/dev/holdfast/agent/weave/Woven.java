package dev.holdfast.agent.weave;

import dev.holdfast.bridge.HoldfastSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A loader that weaves what it is given, and sites that note what the wrappers tell them. The linker of {@link HoldfastSite} is one
 * for the JVM: {@link #close} sets it back to sites that ask for nothing.
 */
final class Woven extends ClassLoader implements AutoCloseable {

    final Map<String, Weaving> weavings = new TreeMap<>();
    final List<NotingSite> sites = new ArrayList<>();
    private final Map<String, byte[]> classes;
    private final Function<Object[], NotingSite> linker;

    Woven(Map<String, byte[]> classes) {
        this(classes, NotingSite::new);
    }

    Woven(Map<String, byte[]> classes, Function<Object[], NotingSite> linker) {
        super(Woven.class.getClassLoader());
        this.classes = new LinkedHashMap<>(classes);
        this.linker = linker;
        HoldfastSite.linkBy(arguments -> {
            NotingSite site = this.linker.apply(arguments);
            sites.add(site);
            return site;
        });
    }

    static Weaving weave(Map<String, byte[]> classes, String name) {
        byte[] classFile = classes.get(name);
        if (classFile == null) {
            throw new IllegalArgumentException(name + " is not one of " + classes.keySet());
        }
        return new Weaver().weave(classFile, types(classes), null);
    }

    static ComposedAnnotations.View types(Map<String, byte[]> classes) {
        return new ComposedAnnotations()
                .seenBy(
                        null,
                        resource -> classes.get(resource.substring(0, resource.length() - ".class".length())
                                .replace('/', '.')));
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (!classes.containsKey(name)) {
            throw new ClassNotFoundException(name);
        }
        Weaving weaving = weave(classes, name);
        weavings.put(name, weaving);
        byte[] bytes = weaving.classFile() == null ? classes.get(name) : weaving.classFile();
        return defineClass(name, bytes, 0, bytes.length);
    }

    Weaving weavingOf(String type) {
        Weaving weaving = weavings.get(type);
        if (weaving == null) {
            throw new IllegalArgumentException(type + " is not loaded");
        }
        return weaving;
    }

    /** Calls a method by name, whatever its access; what it throws comes as it is. */
    @Nullable
    Object call(String type, String method, @Nullable Object receiver, @Nullable Object... arguments) {
        try {
            java.lang.reflect.Method found = Arrays.stream(loadClass(type).getDeclaredMethods())
                    .filter(each -> each.getName().equals(method)
                            && !each.isSynthetic()
                            && each.getParameterCount() == arguments.length)
                    .findFirst()
                    .orElseThrow();
            found.setAccessible(true);
            return found.invoke(receiver, arguments);
        } catch (java.lang.reflect.InvocationTargetException thrown) {
            throw sneaky(thrown.getTargetException());
        } catch (ReflectiveOperationException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    Object make(String type) {
        try {
            var constructor = loadClass(type).getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor.newInstance();
        } catch (ReflectiveOperationException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> RuntimeException sneaky(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Override
    public void close() {
        HoldfastSite.linkBy(arguments -> new HoldfastSite());
    }

    /** Notes what it is told, and goes the way it is set to. */
    static class NotingSite extends HoldfastSite {

        final MethodHandles.Lookup lookup;
        final String method;
        final String descriptor;
        final String definition;
        final List<String> notes = new ArrayList<>();
        long admission;

        @Nullable
        Object answer;

        boolean answers;

        @Nullable
        Object @Nullable [] everything;

        NotingSite(Object[] arguments) {
            lookup = (MethodHandles.Lookup) arguments[0];
            method = (String) arguments[1];
            descriptor = (String) arguments[2];
            definition = (String) arguments[3];
        }

        NotingSite guarding() {
            guarded = true;
            admission = -1;
            return this;
        }

        NotingSite admitting(long ticket) {
            admission = ticket;
            return this;
        }

        NotingSite answering(@Nullable Object result) {
            answer = result;
            answers = true;
            return this;
        }

        @Override
        public long enter(@Nullable Object receiver) {
            notes.add("enter "
                    + (receiver == null ? "static" : receiver.getClass().getSimpleName()));
            return admission;
        }

        @Override
        public void exit(long ticket) {
            notes.add("exit " + ticket);
        }

        @Override
        public @Nullable Object failed(Throwable failure, long ticket, @Nullable Object[] all) throws Throwable {
            notes.add("failed " + ticket + " " + failure.getMessage());
            everything = all;
            if (answers) {
                return answer;
            }
            throw failure;
        }

        @Override
        public @Nullable Object call(@Nullable Object[] all) throws Throwable {
            notes.add("call");
            everything = all;
            return body().invokeWithArguments((Object) all);
        }

        /** The body as (Object[])Object, receiver first, found as the runtime finds it. */
        MethodHandle body() throws ReflectiveOperationException {
            Class<?> type = lookup.lookupClass();
            MethodType exact = MethodType.fromMethodDescriptorString(descriptor, type.getClassLoader());
            boolean isStatic = Arrays.stream(type.getDeclaredMethods())
                    .filter(each -> each.getName().equals(method + Weaver.BODY)
                            && MethodType.methodType(each.getReturnType(), each.getParameterTypes())
                                    .equals(exact))
                    .allMatch(each -> java.lang.reflect.Modifier.isStatic(each.getModifiers()));
            for (java.lang.reflect.Method each : type.getDeclaredMethods()) {
                if (each.getName().equals(method + Weaver.SPREAD)) {
                    return lookup.unreflect(each).asFixedArity();
                }
            }
            MethodHandle body = isStatic
                    ? MethodHandles.dropArguments(lookup.findStatic(type, method + Weaver.BODY, exact), 0, Object.class)
                    : lookup.findSpecial(type, method + Weaver.BODY, exact, type);
            return body.asType(body.type().generic())
                    .asSpreader(Object[].class, body.type().parameterCount());
        }
    }
}
