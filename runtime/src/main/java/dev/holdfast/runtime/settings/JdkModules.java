package dev.holdfast.runtime.settings;

import java.util.ArrayList;
import java.util.List;

/**
 * The modules of the JDK that some settings need beside the agent's own, java.base and java.instrument. They are missing in runtime images that were
 * made without them, and in programs that begin with a module and reach no other that requires them.
 */
public final class JdkModules {

    private final ModuleLayer layer;

    /** Those of this layer; for those of the JVM, the boot layer. */
    JdkModules(ModuleLayer layer) {
        this.layer = layer;
    }

    /** Those that this JVM has. */
    public static JdkModules ofThisJvm() {
        return new JdkModules(ModuleLayer.boot());
    }

    /**
     * What is wrong with a setting that needs these, to follow its name; empty if nothing is.
     *
     * @param shown the setting's value, as it may be shown
     */
    public String fault(String shown, String... needed) {
        List<String> missing = new ArrayList<>();
        for (String module : needed) {
            if (layer.findModule(module).isEmpty()) {
                missing.add(module);
            }
        }
        if (missing.isEmpty()) {
            return "";
        }
        return "needs the JDK's " + (missing.size() == 1 ? "module " : "modules ") + String.join(" and ", missing)
                + ", which this JVM runs without, was " + Shown.quoted(shown) + "; start it with --add-modules "
                + String.join(",", missing) + ", and give that to jlink where it makes the runtime image";
    }
}
