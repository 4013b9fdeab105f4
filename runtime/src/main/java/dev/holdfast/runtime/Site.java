package dev.holdfast.runtime;

import static java.lang.invoke.MethodType.methodType;

import dev.holdfast.bridge.HoldfastSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/**
 * The constant in a woven method. What it does with a call is its {@link Plan}, which is made at the first call: an error of the JVM
 * that strikes just then, such as a stack overflow, goes to the caller, and the next call makes the plan.
 *
 * <p>Thread-safe. {@link #plan} is written once the plan is complete; {@link #guarded} and {@link #gate} follow it and are read
 * without ordering, as a call that takes the long way meanwhile gets the same. Plan, gate and policies are reachable from the woven class
 * alone, and die with it.
 */
final class Site extends HoldfastSite implements Call.Body {

    private static final long LONG_WAY = -1;

    private final MethodHandles.Lookup lookup;
    private final String name;
    private final String descriptor;
    private final String definition;
    private final Linker linker;
    private final Overriding overriding;

    private volatile @Nullable Plan plan;
    private Policy.@Nullable Gate gate;
    private @Nullable MethodHandle body;

    Site(MethodHandles.Lookup lookup, String name, String descriptor, String definition, Linker linker) {
        this.lookup = lookup;
        this.name = name;
        this.descriptor = descriptor;
        this.definition = definition;
        this.linker = linker;
        this.overriding = new Overriding(lookup.lookupClass(), name, descriptor);
        this.guarded = true;
    }

    MethodHandles.Lookup lookup() {
        return lookup;
    }

    String name() {
        return name;
    }

    String descriptor() {
        return descriptor;
    }

    String definition() {
        return definition;
    }

    @Override
    public long enter(@Nullable Object receiver) {
        Policy.Gate gate = this.gate;
        if (gate == null) {
            return guarded ? LONG_WAY : 0;
        }
        if (receiver != null && overriding.governs(receiver.getClass())) {
            return 0;
        }
        return gate.enter();
    }

    @Override
    public void exit(long ticket) {
        Policy.Gate gate = this.gate;
        if (gate != null) {
            gate.exit(ticket);
        }
    }

    @Override
    public void abandon(long ticket) {
        Policy.Gate gate = this.gate;
        if (gate != null && ticket > 0) {
            gate.abandon(ticket);
        }
    }

    @Override
    public @Nullable Object failed(Throwable failure, long ticket, @Nullable Object[] everything) throws Throwable {
        if (isOverridden(everything)) {
            throw failure;
        }
        return outcome(new Call(plan().policies, this, everything, failure, ticket));
    }

    @Override
    public @Nullable Object call(@Nullable Object[] everything) throws Throwable {
        if (isOverridden(everything)) {
            return run(everything);
        }
        StackReserve.require();
        return outcome(new Call(plan().policies, this, everything));
    }

    private static @Nullable Object outcome(Call call) throws Throwable {
        Throwable failure = call.proceed();
        if (failure != null) {
            throw failure;
        }
        return call.result();
    }

    private boolean isOverridden(@Nullable Object[] everything) {
        Object receiver = everything[0];
        return receiver != null && overriding.governs(receiver.getClass());
    }

    private Plan plan() {
        Plan made = plan;
        return made == null ? makePlan() : made;
    }

    private Plan makePlan() {
        Plan made = linker.plan(this);
        synchronized (this) {
            Plan present = plan;
            if (present != null) {
                return present; // another thread was first, and its state counts
            }
            plan = made;
            gate = made.gate;
            guarded = made.guardsEntry;
        }
        return made;
    }

    @Override
    public @Nullable Object run(@Nullable Object[] everything) throws Throwable {
        MethodHandle linked = body;
        if (linked == null) {
            linked = linkBody();
            body = linked; // two threads may link it; both handles do the same
        }
        return (Object) linked.invokeExact(everything);
    }

    /** A handle of type (Object[])Object on the moved body. */
    private MethodHandle linkBody() throws ReflectiveOperationException {
        Class<?> owner = lookup.lookupClass();
        MethodType type = MethodType.fromMethodDescriptorString(descriptor, owner.getClassLoader());
        if (GuardedMethod.isWide(type)) {
            return lookup.findStatic(
                    owner, name + GuardedMethod.BODY + GuardedMethod.SPREAD, methodType(Object.class, Object[].class));
        }
        MethodHandle handle;
        try {
            handle = lookup.findSpecial(owner, name + GuardedMethod.BODY, type, owner);
        } catch (IllegalAccessException isStatic) {
            handle = lookup.findStatic(owner, name + GuardedMethod.BODY, type);
        }
        return GuardedMethod.spread(handle, type.parameterCount());
    }
}
