package dev.holdfast.runtime;

import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells for which receivers a woven method is only the {@code super} of another one. An override is governed by its own annotations, so when
 * it calls {@code super.quote(id)} the inherited definition must not apply around that part of it, too.
 *
 * <p>A class that a framework generates overrides in order to call through: it is the application's class that counts, behind
 * it. The same goes for the bridges that compilers put into a public class whose superclass is not.
 *
 * <p>Thread-safe. What was found is kept with the receiver's class and holds nothing of it.
 */
final class Overriding extends ClassValue<Boolean> {

    private static final String[] GENERATED = {
        "$$",
        "$MockitoMock$",
        "_ClientProxy",
        "_Subclass",
        "$ByteBuddy$",
        "$HibernateProxy$",
        "$Proxy$_",
        "$Intercepted"
    };

    private final Class<?> owner;
    private final String name;
    private final String descriptor;

    /** For a method of that class. */
    Overriding(Class<?> owner, String name, String descriptor) {
        this.owner = owner;
        this.name = name;
        this.descriptor = descriptor;
    }

    /** Whether another method than the woven one is what receivers of that class run when it is called on them. */
    boolean governs(Class<?> receiver) {
        return receiver != owner && get(receiver);
    }

    @Override
    protected Boolean computeValue(Class<?> receiver) {
        try {
            Method woven = find(owner);
            return woven != null && isOverridable(woven) && overrides(receiver, woven, new HashSet<>());
        } catch (LinkageError missing) {
            // A type in some signature is not there. Without an answer the policy applies, as it would to the owner.
            return false;
        }
    }

    private static boolean isOverridable(Method woven) {
        return !Modifier.isStatic(woven.getModifiers()) && !Modifier.isPrivate(woven.getModifiers());
    }

    /** Looks from the receiver's class upwards, up to the owner; below an interface, along all ways that lead to it. */
    private boolean overrides(Class<?> from, Method woven, Set<Class<?>> seen) {
        for (Class<?> type = from; type != null && type != owner; type = type.getSuperclass()) {
            if (!owner.isAssignableFrom(type)) {
                // Of a class above the one that brings the interface in: its method wins over a default one.
                if (owner.isInterface() && declares(type, woven)) {
                    return true;
                }
                continue;
            }
            if (declares(type, woven)) {
                return true;
            }
            if (owner.isInterface()) {
                for (Class<?> parent : type.getInterfaces()) {
                    if (parent != owner
                            && owner.isAssignableFrom(parent)
                            && seen.add(parent)
                            && overrides(parent, woven, seen)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean declares(Class<?> type, Method woven) {
        if (isGenerated(type)) {
            return false;
        }
        Method own = find(type);
        if (own == null || !isOverridable(own) || !reaches(type, woven)) {
            return false;
        }
        return !own.isBridge() || bridgesToOwn(type, own);
    }

    /** A method without a modifier is overridden within its package only. */
    private boolean reaches(Class<?> type, Method woven) {
        return (woven.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
                || (type.getClassLoader() == owner.getClassLoader()
                        && type.getPackageName().equals(owner.getPackageName()));
    }

    /** Whether there is a method for which the compiler had to bridge; else the bridge leads to the inherited one. */
    private static boolean bridgesToOwn(Class<?> type, Method bridge) {
        for (Method method : type.getDeclaredMethods()) {
            if (!method.isBridge()
                    && !method.isSynthetic()
                    && method.getName().equals(bridge.getName())
                    && method.getParameterCount() == bridge.getParameterCount()) {
                return true;
            }
        }
        return false;
    }

    private @Nullable Method find(Class<?> type) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(name)
                    && MethodType.methodType(method.getReturnType(), method.getParameterTypes())
                            .descriptorString()
                            .equals(descriptor)) {
                return method;
            }
        }
        return null;
    }

    private static boolean isGenerated(Class<?> type) {
        if (type.isSynthetic() || type.isHidden() || Proxy.isProxyClass(type)) {
            return true;
        }
        for (String mark : GENERATED) {
            if (type.getName().contains(mark)) {
                return true;
            }
        }
        return false;
    }
}
