package dev.holdfast.agent.weave;

import java.util.ArrayList;
import java.util.List;
import net.bytebuddy.jar.asm.Type;

/** How messages name what they are about. */
final class Place {

    private Place() {}

    /** A class, as in {@code com.acme.Quotes}. */
    static String of(String internalName) {
        return internalName.replace('/', '.');
    }

    /** A method, as in {@code com.acme.Quotes.quote(String)}. */
    static String of(String internalName, String method, String descriptor) {
        List<String> parameters = new ArrayList<>();
        for (Type parameter : Type.getArgumentTypes(descriptor)) {
            String name = parameter.getClassName();
            parameters.add(name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1));
        }
        return of(internalName) + "." + method + "(" + String.join(", ", parameters) + ")";
    }
}
