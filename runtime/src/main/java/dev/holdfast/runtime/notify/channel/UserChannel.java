package dev.holdfast.runtime.notify.channel;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.ref.WeakReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A {@code dev.holdfast.NotificationChannel} of the application's, found by the service loader. The application has its own copy of that
 * interface, so it is spoken to by reflection.
 *
 * <p>A channel outlives the applications that bring it: one may be undeployed while others go on. So the service is held by its own
 * class, and from here weakly; once it is gone, it is looked for among the applications that are there by then. While none
 * brings it, events go elsewhere.
 */
public final class UserChannel implements Channel {

    static final String INTERFACE = "dev.holdfast.NotificationChannel";

    private static final String SERVICE = "META-INF/services/" + INTERFACE;

    /** The services that are in use, each as long as its class. */
    private static final ClassValue<List<Service>> KEPT = new ClassValue<>() {
        @Override
        protected List<Service> computeValue(Class<?> type) {
            return new CopyOnWriteArrayList<>();
        }
    };

    private record Service(Object instance, Method send) {}

    /** The applications, as far as they are known. */
    public interface Applications {

        /** Their class loaders. */
        List<ClassLoader> loaders();

        /** How many have been seen so far: where it has not grown, there is no use in looking again. */
        int seen();

        /** Told why none of them brings a channel that can be used; the message follows the name of the channel. */
        void complain(String what);
    }

    private final String scheme;
    private final String uri;
    private final Applications applications;
    private final Channel otherwise;

    private @Nullable WeakReference<Service> service;
    private int looked = -1;

    /**
     * Whether the application that this JVM starts may bring a channel. Loads no class: nothing of it is started when this is asked. Where the
     * loader does not even find the interface, the application lies in other loaders, which are not there yet: of a server, or of a jar in a jar.
     * Of these, some can be looked into.
     */
    static boolean mayBeThere(ClassLoader loader) {
        if (!mayBeIn(name -> loader.getResource(name) != null)) {
            return isProvided();
        }
        return loader.getResource(SERVICE) != null
                || FatJar.started().map(jar -> jar.mayHold(SERVICE)).orElse(true);
    }

    /**
     * Whether a program may bring a channel, as far as its resources tell: not if it has the interface, and nothing that implements it.
     *
     * @param has whether it has the resource of that name
     */
    static boolean mayBeIn(Predicate<String> has) {
        return has.test(SERVICE) || !has.test(INTERFACE.replace('.', '/') + ".class");
    }

    private static boolean isProvided() {
        for (Module module : ModuleLayer.boot().modules()) {
            for (ModuleDescriptor.Provides provided : module.getDescriptor().provides()) {
                if (provided.service().equals(INTERFACE)) {
                    return true;
                }
            }
        }
        return false;
    }

    /**
     * For a scheme that Holdfast does not bring.
     *
     * @param otherwise takes the events while no application brings it
     */
    public UserChannel(String scheme, String uri, Applications applications, Channel otherwise) {
        this.scheme = scheme;
        this.uri = uri;
        this.applications = applications;
        this.otherwise = otherwise;
    }

    @Override
    public void send(List<Letter> letters) throws IOException {
        Service service = service();
        if (service == null) {
            otherwise.send(letters);
            return;
        }
        // On threads of the application's own it would see its own loader.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(service.instance().getClass().getClassLoader());
        try {
            for (int i = 0; i < letters.size(); i++) {
                send(service, letters.get(i), i);
            }
        } finally {
            thread.setContextClassLoader(before);
            // This thread writes to the disk next, and an interrupt would close the file under it.
            Thread.interrupted();
        }
    }

    private void send(Service service, Letter letter, int delivered) throws IOException {
        try {
            service.send().invoke(service.instance(), uri, letter.text());
        } catch (InvocationTargetException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof IllegalArgumentException) {
                throw UndeliveredException.forGood("the channel refused it: " + cause, delivered);
            }
            throw UndeliveredException.forNow("the channel failed: " + cause, delivered, null);
        } catch (IllegalAccessException hidden) {
            throw UndeliveredException.forNow("the channel cannot be called: " + hidden, delivered, null);
        }
    }

    /** @throws UndeliveredException if it may be one of those that cannot be made, which somebody will mend */
    private @Nullable Service service() throws UndeliveredException {
        Service known = service == null ? null : service.get();
        int seen = applications.seen();
        if (known != null || looked == seen) {
            return known;
        }
        String unusable = null;
        for (ClassLoader loader : applications.loaders()) {
            Search search = new Search(loader);
            Service found = search.find();
            if (found != null) {
                KEPT.get(found.instance().getClass()).add(found);
                service = new WeakReference<>(found);
                return found;
            }
            unusable = unusable == null ? search.unusable : unusable;
        }
        if (unusable != null) {
            applications.complain(
                    "cannot be used, and its events wait: one of the application's own channels cannot be made, and none"
                            + " of the others takes that scheme: " + unusable);
            throw UndeliveredException.forNow(
                    "one of the application's own channels cannot be made: " + unusable, 0, null);
        }
        looked = seen;
        applications.complain("has an unknown scheme, " + scheme + ", and goes to the log; known are "
                + ChannelTypes.schemes() + ", and what a " + INTERFACE + " of the application brings");
        return null;
    }

    /** Among the services of one application. One that cannot be made does not hide the others. */
    private final class Search {

        /** So many services that cannot be made are passed over. */
        private static final int MOST_UNUSABLE = 100;

        private final ClassLoader loader;

        /** Why one cannot be made; null if all can. */
        private @Nullable String unusable;

        Search(ClassLoader loader) {
            this.loader = loader;
        }

        @Nullable
        Service find() {
            Class<?> type;
            Method schemeOf;
            Method send;
            try {
                type = Class.forName(INTERFACE, false, loader);
                schemeOf = type.getMethod("scheme");
                send = type.getMethod("send", String.class, String.class);
            } catch (ClassNotFoundException | NoSuchMethodException olderOrNone) {
                return null;
            } catch (LinkageError broken) {
                unusable = broken.toString();
                return null;
            }
            Iterator<?> services = ServiceLoader.load(type, loader).iterator();
            for (int i = 0; i < MOST_UNUSABLE; ) {
                try {
                    if (!services.hasNext()) {
                        return null;
                    }
                    Object service = services.next();
                    if (scheme.equalsIgnoreCase(String.valueOf(schemeOf.invoke(service)))) {
                        return new Service(service, send);
                    }
                } catch (ServiceConfigurationError
                        | ReflectiveOperationException
                        | RuntimeException
                        | LinkageError broken) {
                    Throwable cause = broken.getCause();
                    unusable = cause == null ? broken.toString() : broken + ", caused by " + cause;
                    i++;
                }
            }
            return null;
        }
    }

    @Override
    public void close() {
        otherwise.close(); // the other is the application's own
    }
}
