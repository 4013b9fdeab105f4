package dev.holdfast.agent.attach;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds the classes that were loaded before the agent could weave them: those of other agents, and what these have loaded. */
final class EarlyClasses {

    private static final int NAMED = 20;

    private EarlyClasses() {}

    /** One message that counts and names them; null if there is none. */
    static @Nullable String message(Class<?>[] loaded, Transformer transformer) {
        List<String> names = new ArrayList<>();
        for (Class<?> type : loaded) {
            try {
                if (concerns(type, transformer)) {
                    names.add(type.getName());
                }
            } catch (RuntimeException | LinkageError ofItsLoader) {
                // The loader of another agent, that is asked for the class file. One name less is no reason to end the
                // attachment.
            }
        }
        return names.isEmpty() ? null : message(names);
    }

    private static boolean concerns(Class<?> type, Transformer transformer) {
        ClassLoader loader = type.getClassLoader();
        if (loader == null
                || loader == ClassLoader.getPlatformClassLoader()
                || loader == EarlyClasses.class.getClassLoader()
                || type.isArray()
                || type.isHidden()) {
            return false;
        }
        String name = type.getName();
        return !type.getPackageName().equals("dev.holdfast.agent")
                && transformer.woven(loader, name).isEmpty()
                && transformer.wouldWeave(loader, name);
    }

    static String message(List<String> names) {
        StringBuilder message = new StringBuilder();
        message.append(names.size())
                .append(names.size() == 1 ? " class was" : " classes were")
                .append(" loaded before Holdfast was attached, and cannot be protected: ");
        int named = Math.min(names.size(), NAMED);
        for (int i = 0; i < named; i++) {
            message.append(i == 0 ? "" : ", ").append(names.get(i));
        }
        if (named < names.size()) {
            message.append(" and ").append(names.size() - named).append(" more");
        }
        return message.append(". Remedy: put -javaagent:holdfast-agent.jar before other agents.")
                .toString();
    }
}
