package dev.holdfast.agent.attach;

import dev.holdfast.agent.weave.Resources;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * Class files as a class loader finds them. To be used for one class and dropped, since it holds the loader.
 *
 * @param loader the application's
 */
record LoaderResources(ClassLoader loader) implements Resources {

    @Override
    public byte @Nullable [] find(String resourceName) {
        try (InputStream content = loader.getResourceAsStream(resourceName)) {
            return content == null ? null : content.readAllBytes();
        } catch (IOException unreadable) {
            return null;
        }
    }
}
