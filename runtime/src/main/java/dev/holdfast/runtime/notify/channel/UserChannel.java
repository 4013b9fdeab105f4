package dev.holdfast.runtime.notify.channel;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A {@code dev.holdfast.NotificationChannel} of the application's, found by the service loader. The application has its own copy of that
 * interface, so it is spoken to by reflection.
 */
final class UserChannel implements Channel {

    static final String INTERFACE = "dev.holdfast.NotificationChannel";

    private final Object service;
    private final Method send;
    private final String uri;

    private UserChannel(Object service, Method send, String uri) {
        this.service = service;
        this.send = send;
        this.uri = uri;
    }

    /**
     * Whether the application may bring a channel. Loads no class: nothing of it is started when this is asked. Where the loader does not even
     * find the interface, the application lies in other loaders (of a server, of a jar in a jar), which are not there yet.
     */
    static boolean mayBeThere(ClassLoader loader) {
        if (loader.getResource("META-INF/services/" + INTERFACE) != null
                || loader.getResource(INTERFACE.replace('.', '/') + ".class") == null) {
            return true;
        }
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
     * What the application brings for a scheme; null if it brings nothing.
     *
     * @throws IllegalArgumentException if it brings something that cannot be used; the message follows the name of the channel
     */
    static @Nullable ChannelType type(String scheme, @Nullable ClassLoader loader, String uri) {
        try {
            Class<?> type = Class.forName(INTERFACE, false, loader);
            Method schemeOf = type.getMethod("scheme");
            Method send = type.getMethod("send", String.class, String.class);
            for (Object service : ServiceLoader.load(type, loader)) {
                if (scheme.equalsIgnoreCase(String.valueOf(schemeOf.invoke(service)))) {
                    return new Type(scheme, new UserChannel(service, send, uri));
                }
            }
            return null;
        } catch (ClassNotFoundException | NoSuchMethodException olderOrNone) {
            return null;
        } catch (ServiceConfigurationError | ReflectiveOperationException | RuntimeException | LinkageError unusable) {
            throw new IllegalArgumentException(
                    "cannot be looked for among the application's own channels: " + unusable, unusable);
        }
    }

    private record Type(String scheme, Channel channel) implements ChannelType {

        @Override
        public Set<String> schemes() {
            return Set.of(scheme);
        }

        @Override
        public String form() {
            return scheme + ":…";
        }

        @Override
        public List<String> faults(Address address) {
            return List.of();
        }

        @Override
        public Channel open(Address address) {
            return channel;
        }
    }

    @Override
    public void send(List<Letter> letters) throws IOException {
        // On threads of the application's own it would see its own loader.
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(service.getClass().getClassLoader());
        try {
            for (int i = 0; i < letters.size(); i++) {
                send(letters.get(i), i);
            }
        } finally {
            thread.setContextClassLoader(before);
            // This thread writes to the disk next, and an interrupt would close the file under it.
            Thread.interrupted();
        }
    }

    private void send(Letter letter, int delivered) throws IOException {
        try {
            send.invoke(service, uri, letter.text());
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

    @Override
    public void close() {
        // It is the application's own.
    }
}
