package dev.holdfast.runtime;

import dev.holdfast.definition.MethodKey;
import dev.holdfast.definition.MethodModel;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A method that was woven, as the rooms see it. It is first looked at by reflection alone (to check its definition, also before it
 * is ever called), and handed the lookup of its class when it is linked. Immutable.
 */
public final class GuardedMethod {

    /** What is put behind a method's name for its moved body. */
    static final String BODY = "$holdfast";

    /** What is put behind that for the body of a method that has too many parameters for a method handle. */
    static final String SPREAD = "$spread";

    private final Class<?> owner;
    private final Method method;
    private final MethodHandles.@Nullable Lookup lookup;

    private GuardedMethod(Class<?> owner, Method method, MethodHandles.@Nullable Lookup lookup) {
        this.owner = owner;
        this.method = method;
        this.lookup = lookup;
    }

    /**
     * Finds it by reflection. Initialises nothing.
     *
     * @throws LinkageError if a type in the signature of one of the class's methods is not there
     * @throws IllegalArgumentException if the class has no such method
     */
    static GuardedMethod find(Class<?> owner, String name, String descriptor) {
        for (Method method : owner.getDeclaredMethods()) {
            if (method.getName().equals(name)
                    && MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                            .descriptorString()
                            .equals(descriptor)) {
                return new GuardedMethod(owner, method, null);
            }
        }
        throw new IllegalArgumentException(owner.getName() + " has no method " + name + descriptor);
    }

    /** The same method, with the right to call into its class. */
    GuardedMethod with(MethodHandles.Lookup lookup) {
        return new GuardedMethod(owner, method, lookup);
    }

    /** The class that declares it. */
    public Class<?> owner() {
        return owner;
    }

    /** The method itself, which is the wrapper. */
    public Method method() {
        return method;
    }

    /** What its definition is read against. */
    public MethodModel model() {
        return ReflectedType.model(method);
    }

    /**
     * A method that its definition names: of its class, a superclass or an interface of these.
     *
     * @throws NoSuchMethodException if there is none
     */
    public Method find(MethodKey key) throws NoSuchMethodException {
        return find(key, owner);
    }

    /**
     * A method of a class, a superclass, an interface of these, or of {@link Object}.
     *
     * @throws NoSuchMethodException if there is none
     */
    public static Method find(MethodKey key, Class<?> type) throws NoSuchMethodException {
        Class<?> owner = above(type, key.owner());
        if (owner != null) {
            for (Method method : owner.getDeclaredMethods()) {
                if (method.getName().equals(key.name())
                        && ReflectedType.model(method).key().equals(key)) {
                    return method;
                }
            }
        }
        throw new NoSuchMethodException(key.owner() + "." + key);
    }

    /** The class of that name among a class and what it inherits from; null if there is none. */
    public static @Nullable Class<?> above(Class<?> type, String name) {
        if (name.equals("java.lang.Object")) {
            return Object.class; // which interfaces do not say of themselves
        }
        if (type.getName().equals(name)) {
            return type;
        }
        Class<?> superclass = type.getSuperclass();
        Class<?> found = superclass == null ? null : above(superclass, name);
        for (Class<?> parent : type.getInterfaces()) {
            found = found == null ? above(parent, name) : found;
        }
        return found;
    }

    /** The loader of its class; null for the JVM's own. */
    public @Nullable ClassLoader loader() {
        return owner.getClassLoader();
    }

    /** Whether it has no receiver. */
    public boolean isStatic() {
        return Modifier.isStatic(method.getModifiers());
    }

    /** Whether its calls last until the stage that it returns completes. */
    public boolean isStaged() {
        return method.getReturnType() == CompletionStage.class || method.getReturnType() == CompletableFuture.class;
    }

    /** Whether what it returns may complete later: also a stage of a type of its own, whose calls end when the method returns. */
    public boolean returnsStage() {
        return CompletionStage.class.isAssignableFrom(method.getReturnType());
    }

    /**
     * The full-privilege lookup of its class.
     *
     * @throws IllegalStateException if the method is only being checked
     */
    public MethodHandles.Lookup lookup() {
        if (lookup == null) {
            throw new IllegalStateException(place() + " is not linked");
        }
        return lookup;
    }

    /** As messages name it: {@code com.acme.Quotes.quote(String)}. */
    public String place() {
        return model().place();
    }

    /** Whether it has more parameters than a method handle that collects and spreads them can take. */
    public boolean isWide() {
        return isWide(type());
    }

    private MethodType type() {
        return MethodType.methodType(method.getReturnType(), method.getParameterTypes());
    }

    static boolean isWide(MethodType type) {
        int slots = 1;
        for (Class<?> parameter : type.parameterArray()) {
            slots += parameter == long.class || parameter == double.class ? 2 : 1;
        }
        return slots > MAX_HANDLE_SLOTS;
    }

    /** 255 less the site, the failure, the ticket (two) and a margin; the weaver goes by the same number. */
    private static final int MAX_HANDLE_SLOTS = 245;

    /**
     * Makes a handle that takes the receiver and the arguments of this method take them in one array.
     *
     * @param handle takes what the method takes; a static one takes no receiver, also where this method has one
     * @return of type (Object[])Object
     */
    public MethodHandle spread(MethodHandle handle) {
        return spread(handle, method.getParameterCount());
    }

    static MethodHandle spread(MethodHandle handle, int arguments) {
        return withReceiver(handle, arguments)
                .asType(MethodType.genericMethodType(arguments + 1))
                .asSpreader(Object[].class, arguments + 1);
    }

    /** As {@link #spread}, for a handle that takes one more argument at the end; of type (Object[], Throwable)Object. */
    public MethodHandle spreadWithFailure(MethodHandle handle) {
        int arguments = method.getParameterCount();
        MethodType generic =
                MethodType.genericMethodType(arguments + 2).changeParameterType(arguments + 1, Throwable.class);
        return withReceiver(handle, arguments + 1).asType(generic).asSpreader(0, Object[].class, arguments + 1);
    }

    private static MethodHandle withReceiver(MethodHandle handle, int arguments) {
        return handle.type().parameterCount() == arguments
                ? MethodHandles.dropArguments(handle, 0, Object.class)
                : handle;
    }

    @Override
    public String toString() {
        return place();
    }
}
