package dev.holdfast.runtime;

import static java.lang.invoke.MethodType.methodType;

import dev.holdfast.bridge.HoldfastSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * The constant in a woven method. What it does with a call is its {@link Plan}, which is made when the site is linked. An error of the JVM
 * that strikes just then, such as a stack overflow, leaves the site without one; then the first call makes it, and an error goes to the caller,
 * and the next call tries again.
 *
 * <p>Thread-safe. Plans are written under the lock, complete; {@link #guarded} and {@link #gate} follow and are read
 * without ordering, as a call that takes the long way meanwhile gets the same. A call that a gate admitted may find another plan at its
 * end: it leaves by the last gate, and a gate that cannot take its ticket is never put in that place. Plan, gate and policies are reachable
 * from the woven class alone, and die with it.
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

    /** The last plan with a gate: its gate is the way out for calls that went in by one. */
    private volatile @Nullable Plan gated;

    /** The way in for calls that need no more; null if there is none. */
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

    String signature() {
        return name.concat(descriptor);
    }

    /** Whether it is known what happens to calls. */
    boolean isPlanned() {
        return plan != null;
    }

    /** Makes the plan while the site is linked, so that the first call goes the way of all others already. */
    void prepare() {
        try {
            plan();
        } catch (VirtualMachineError atTheWorstMoment) {
            // The constant would stay broken. Without a plan the first call goes the long way, and makes one or meets
            // the same.
        }
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
        if (gate == null) {
            gate = wayOut();
        }
        gate.exit(ticket);
    }

    @Override
    public void abandon(Throwable severe, long ticket) {
        if (ticket > 0) {
            wayOut().abandon(ticket);
            Plan made = plan;
            if (made != null) {
                made.tell(severe, ticket);
            }
        }
    }

    private Policy.Gate wayOut() {
        Policy.Gate gate = gated().gate;
        if (gate == null) {
            throw new IllegalStateException("a plan without a gate stands for one");
        }
        return gate;
    }

    private Plan gated() {
        Plan gated = this.gated;
        if (gated == null) {
            throw new IllegalStateException("a ticket that no gate gave");
        }
        return gated;
    }

    @Override
    public @Nullable Object failed(Throwable failure, long ticket, @Nullable Object[] everything) throws Throwable {
        if (isOverridden(everything)) {
            throw failure;
        }
        // By the plan that can take the ticket, though another may have come meanwhile.
        Plan plan = ticket > 0 ? gated() : plan();
        if (plan.isStaged) {
            return staged(plan, everything, failure);
        }
        boolean isTime = plan.gate instanceof Policy.Clock;
        return outcome(new Call(plan.policies, this, everything, failure, isTime ? 0 : ticket, isTime ? ticket : 0));
    }

    @Override
    public @Nullable Object call(@Nullable Object[] everything) throws Throwable {
        if (isOverridden(everything)) {
            return run(everything);
        }
        Plan plan = this.plan;
        Policy.Door door = plan == null ? null : plan.door;
        if (plan != null && door != null) {
            return call(plan, door, everything);
        }
        StackReserve.require();
        plan = plan();
        return plan.isStaged ? staged(plan, everything, null) : outcome(new Call(plan.policies, this, everything));
    }

    private @Nullable Object call(Plan plan, Policy.Door door, @Nullable Object[] everything) throws Throwable {
        Object known = door.admit(everything);
        if (known != Policy.Door.ADMITTED) {
            StackReserve.require();
            return outcome(new Call(plan.policies, this, everything).knowing(known));
        }
        try {
            return run(everything);
        } catch (Throwable failure) {
            StackReserve.require();
            return outcome(new Call(plan.policies, this, everything, failure, 0, 0));
        }
    }

    private CompletionStage<?> staged(Plan plan, @Nullable Object[] everything, @Nullable Throwable over) {
        StackReserve.requireForStage();
        String place = lookup.lookupClass().getName() + "." + name;
        return new StagedCall(plan.policies, this, everything, place, over, linker.time()).begin();
    }

    private static @Nullable Object outcome(Call call) throws Throwable {
        Throwable failure = call.begin();
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
        StackReserve.requireForLoading();
        while (true) {
            Plan made = linker.plan(this, null);
            synchronized (this) {
                Plan present = plan;
                if (present != null) {
                    return present; // another thread was first, and its state counts
                }
                if (linker.isCurrent(made)) {
                    follow(made);
                    return made;
                }
            }
        }
    }

    /** Follows the configuration that is in force now, which has changed. */
    void planAnew() {
        Plan before;
        synchronized (this) { // who is making the first one meanwhile either sees the change or is done
            before = plan;
        }
        if (before != null) {
            Plan made = linker.plan(this, before);
            synchronized (this) {
                follow(made);
            }
        }
    }

    /** Does as that plan says from now on. Called with the lock held, or before any other thread has the site. */
    void follow(Plan made) {
        Policy.Gate next = made.gate;
        Plan last = gated;
        boolean admits = next != null && (last == null || last.gate == null || next.takesTicketsOf(last.gate));
        if (admits) {
            gated = made;
        }
        plan = made;
        gate = admits ? next : null;
        guarded = made.guardsEntry;
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
