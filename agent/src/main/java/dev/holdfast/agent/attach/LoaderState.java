package dev.holdfast.agent.attach;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** What the transformer remembers of one class loader. Thread-safe. */
final class LoaderState {

    /** Whether classes of this loader find the bridge; null as long as nobody has looked. */
    volatile @Nullable Boolean findsBridge;

    /** The methods that were woven, as name and descriptor in one, by the internal name of their class. */
    final Map<String, Set<String>> woven = new ConcurrentHashMap<>();
}
