package dev.holdfast.bridge;

import java.lang.invoke.CallSite;
import java.lang.invoke.ConstantCallSite;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The constant in the middle of a woven method: what the wrapper asks before the body and tells after it. Woven code, as Java:
 *
 * <pre>{@code
 * Quote quote(String id) throws IOException {              // the plain wrapper: most methods
 *     HoldfastSite site = <constant>;
 *     if (!site.guardsEntry()) {
 *         try { return quote$holdfast(id); }
 *         catch (VirtualMachineError severe) { throw severe; }
 *         catch (Throwable failure) { return <linked when first needed> answer(failure, 0L, site, this, id); }
 *     }
 *     return <linked when first needed> run(site, this, id);
 * }
 *
 * Quote quote(String id) throws IOException {              // the gated wrapper: where a breaker, a limit or a notification is declared
 *     HoldfastSite site = <constant>;
 *     long ticket = site.enter(this);                      // null in a static method
 *     if (ticket >= 0) {
 *         Quote result;
 *         try { result = quote$holdfast(id); }
 *         catch (VirtualMachineError severe) { site.abandon(severe, ticket); throw severe; }
 *         catch (Throwable failure) { return <linked when first needed> answer(failure, ticket, site, this, id); }
 *         if (ticket != 0) site.exit(ticket);
 *         return result;
 *     }
 *     return <linked when first needed> run(site, this, id);
 * }
 *
 * private synthetic Quote quote$holdfast(String id) throws IOException { ... the body as it was written ... }
 * }</pre>
 *
 * <p>Errors of the JVM are neither retried nor recovered, and go by without anything being linked: after a stack overflow there is no
 * stack left to link on, and a class whose initialisation fails there stays broken.
 *
 * <p>This class itself is the site that asks for nothing. The runtime has the one subclass, so calls through it are inlined.
 *
 * <p>Thread-safe. {@link #guarded} is written by the runtime when settings change and read without ordering: a call that is just
 * beginning may still take the old way, and both ways are sound.
 */
public class HoldfastSite {

    /** Makes the site of a method from {lookup, method name, descriptor, definition}; set once, before anything is woven. */
    private static volatile @Nullable Function<Object[], HoldfastSite> linker;

    /** Whether a call must be taken the long way from its start. */
    protected boolean guarded;

    /** The site that asks for nothing. */
    public HoldfastSite() {}

    /** Whether a call must begin with {@link #call} instead of with the body. */
    public final boolean guardsEntry() {
        return guarded;
    }

    /**
     * Asks for admission without looking at the arguments. Negative: nothing was taken, go by {@link #call}. 0: go ahead, and
     * nobody needs to know if it ends well. Positive: go ahead, and hand this back to {@link #exit} or {@link #failed}.
     *
     * @param receiver null for a static method
     */
    public long enter(@Nullable Object receiver) {
        return 0;
    }

    /** The body returned, after {@link #enter} gave a positive ticket. */
    public void exit(long ticket) {}

    /**
     * The body ended with an error of the JVM, after {@link #enter} gave that ticket. Called close to the end of the stack, maybe:
     * does next to nothing, and lets no other error out.
     */
    public void abandon(Throwable severe, long ticket) {}

    /**
     * The body threw in its first attempt; gives what the caller gets instead.
     *
     * @param failure what the body threw
     * @param ticket what {@link #enter} gave; 0 in a plain wrapper
     * @param everything the receiver (null for a static method), then the arguments as the caller passed them
     * @return the result, boxed where primitive, ignored for void
     * @throws Throwable what reaches the caller
     */
    public @Nullable Object failed(Throwable failure, long ticket, @Nullable Object[] everything) throws Throwable {
        throw failure;
    }

    /**
     * Runs the whole call from its first attempt on.
     *
     * @param everything the receiver (null for a static method), then the arguments as the caller passed them
     * @return the result, boxed where primitive, ignored for void
     * @throws Throwable what reaches the caller
     */
    public @Nullable Object call(@Nullable Object[] everything) throws Throwable {
        throw new IllegalStateException("this site guards nothing");
    }

    /** Sets how sites are made. The linker must not throw: whatever is wrong, it gives a site that lets the body run. */
    public static void linkBy(Function<Object[], HoldfastSite> linker) {
        HoldfastSite.linker = linker;
    }

    /** Bootstrap of the site as a dynamic constant, named like the method. */
    public static HoldfastSite site(
            MethodHandles.Lookup lookup, String method, Class<?> type, String descriptor, String definition) {
        Function<Object[], HoldfastSite> makes = linker;
        return makes == null ? new HoldfastSite() : makes.apply(new Object[] {lookup, method, descriptor, definition});
    }

    /** Bootstrap of the site by {@code invokedynamic} of type ()HoldfastSite, for class files before version 55. */
    public static CallSite site(
            MethodHandles.Lookup lookup, String method, MethodType type, String descriptor, String definition) {
        HoldfastSite site = site(lookup, method, HoldfastSite.class, descriptor, definition);
        return new ConstantCallSite(MethodHandles.constant(HoldfastSite.class, site));
    }

    /**
     * Bootstrap of the wrapper's two ways out, by name: {@code answer} of type (Throwable, long, HoldfastSite, receiver,
     * arguments…) and {@code run} of type (HoldfastSite, receiver, arguments…), both with the method's return type, and Object in
     * place of every class. The receiver
     * of a static method is a null of type Object.
     */
    public static CallSite path(MethodHandles.Lookup lookup, String name, MethodType type)
            throws ReflectiveOperationException {
        MethodType spread = name.equals("answer")
                ? MethodType.methodType(Object.class, Throwable.class, long.class, HoldfastSite.class, Object[].class)
                : MethodType.methodType(Object.class, HoldfastSite.class, Object[].class);
        MethodHandle path = MethodHandles.lookup().findStatic(HoldfastSite.class, name, spread);
        int collected = type.parameterCount() - (spread.parameterCount() - 1);
        return new ConstantCallSite(path.asCollector(Object[].class, collected).asType(type));
    }

    /** {@link #failed} as a way out; called directly by a method that has too many parameters for {@link #path}. */
    public static @Nullable Object answer(
            Throwable failure, long ticket, HoldfastSite site, @Nullable Object[] everything) throws Throwable {
        return site.failed(failure, ticket, everything);
    }

    /** {@link #call} as a way out; called directly by a method that has too many parameters for {@link #path}. */
    public static @Nullable Object run(HoldfastSite site, @Nullable Object[] everything) throws Throwable {
        return site.call(everything);
    }
}
