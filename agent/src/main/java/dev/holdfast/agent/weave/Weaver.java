package dev.holdfast.agent.weave;

import dev.holdfast.agent.weave.ClassFacts.Member;
import dev.holdfast.definition.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassTooLargeException;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Moves the bodies of annotated methods aside and puts wrappers in their place; {@link dev.holdfast.bridge.HoldfastSite} shows the
 * woven code as Java.
 *
 * <p>What cannot be woven is left as it was, method by method, with a message that says why and what to do instead. A policy on a
 * class covers each of its declared, non-private, non-synthetic methods; what stands on the method replaces what the class says
 * of the same kind.
 *
 * <p>Thread-safe, without state. Never loads a class or asks for one.
 */
public final class Weaver {

    /** What the name of a moved body ends in. */
    public static final String BODY = "$holdfast";

    /** What the name of the body's doorway ends in, in a method with too many parameters for a method handle. */
    public static final String SPREAD = "$holdfast$spread";

    private static final int NEWEST = Opcodes.V28;
    private static final int LONGEST_CONSTANT = 65535;

    /** Ready to weave. */
    public Weaver() {}

    /**
     * Weaves one class. Never throws: where the class file is more than the weaver can handle, it is left alone.
     *
     * @param types what the class's loader sees of composed annotations
     * @param only null when the class is first defined. For a class that is redefined or retransformed, the
     *     {@link Weaving.Woven#signature signatures} of what was woven then: exactly these are woven again, with an empty definition
     *     where the annotation is gone, since the JVM lets no method come or go
     */
    public Weaving weave(byte[] classFile, ComposedAnnotations.View types, @Nullable Set<String> only) {
        try {
            return weave(new ClassReader(classFile), types, only);
        } catch (RuntimeException unreadable) {
            return left(
                    nameOf(classFile) + ": the class file cannot be woven (" + unreadable + "); " + remedy(classFile));
        }
    }

    private static Weaving weave(ClassReader reader, ComposedAnnotations.View types, @Nullable Set<String> only) {
        ClassFacts type = ClassFacts.of(reader);
        Map<String, Method> chosen = new LinkedHashMap<>();
        List<String> left = new ArrayList<>();
        ParameterNames names = new ParameterNames(reader);
        if (only == null) {
            if (type.is(Opcodes.ACC_ANNOTATION) || type.isGenerated()) {
                return Weaving.NOTHING;
            }
            choose(type, types, names, chosen, left);
        } else {
            chooseAgain(type, types, names, only, chosen, left);
        }
        return chosen.isEmpty() ? new Weaving(null, List.of(), left) : weave(reader, type, chosen, left);
    }

    /** Takes what bears a definition and can be woven. */
    private static void choose(
            ClassFacts type,
            ComposedAnnotations.View types,
            ParameterNames names,
            Map<String, Method> chosen,
            List<String> left) {
        Definition ofClass = Definition.of(type.annotations(), types);
        for (Member member : type.methods()) {
            if (member.is(Opcodes.ACC_SYNTHETIC | Opcodes.ACC_BRIDGE)) {
                continue; // compilers copy annotations to bridges
            }
            Definition own = Definition.of(member.annotations(), types);
            boolean covered =
                    !member.is(Opcodes.ACC_PRIVATE) && !member.name().startsWith("<") && !type.isOfEveryEnum(member);
            Definition definition = covered ? own.or(ofClass.covering(member.name())) : own;
            if (definition.isEmpty() || (own.isEmpty() && member.is(Opcodes.ACC_ABSTRACT))) {
                continue;
            }
            String obstacle = obstacle(type, member, definition);
            if (obstacle == null) {
                Method method = new Method(member, definition.text(member, names), definition.gated());
                obstacle = tooMuch(method, chosen.values());
                if (obstacle == null) {
                    chosen.put(member.signature(), method);
                    continue;
                }
            }
            left.add(Place.of(type.name(), member.name(), member.descriptor()) + ": " + obstacle);
        }
    }

    /** Takes what was woven before, whatever it bears now. */
    private static void chooseAgain(
            ClassFacts type,
            ComposedAnnotations.View types,
            ParameterNames names,
            Set<String> only,
            Map<String, Method> chosen,
            List<String> left) {
        Set<String> missing = new TreeSet<>(only);
        Definition ofClass = Definition.of(type.annotations(), types);
        for (Member member : type.methods()) {
            if (!missing.remove(member.signature())) {
                continue;
            }
            Definition own = Definition.of(member.annotations(), types);
            Definition definition = member.is(Opcodes.ACC_PRIVATE) ? own : own.or(ofClass.covering(member.name()));
            String obstacle = obstacle(type, member, definition);
            Method method = new Method(member, definition.text(member, names), definition.gated());
            if (obstacle == null && tooMuch(method, List.of()) != null) {
                method = new Method(member, "", false);
            }
            if (obstacle == null) {
                chosen.put(member.signature(), method);
            } else {
                left.add(Place.of(type.name(), member.name(), member.descriptor()) + ": " + obstacle);
            }
        }
        for (String gone : missing) {
            left.add(Place.of(type.name()) + ": " + gone + " was woven and is not in the new class file");
        }
    }

    /** Why this method cannot be woven: rule and remedy; null if it can. */
    private static @Nullable String obstacle(ClassFacts type, Member method, Definition definition) {
        String policy = definition.isEmpty() ? "Holdfast" : definition.written();
        Type[] parameters = Type.getArgumentTypes(method.descriptor());
        String last = parameters.length == 0 ? "" : parameters[parameters.length - 1].getClassName();
        String refusal = Refusal.of(policy, method.name(), method.access(), last);
        if (refusal != null) {
            return refusal;
        }
        if (type.declaresMethod(method.name() + BODY, method.descriptor())) {
            return "the class already has a method " + method.name() + BODY + ", so it is woven already; "
                    + "weave a class either when it is built or when it is loaded";
        }
        if (type.version() < Opcodes.V1_7) {
            return policy + " needs a class file of Java 7 or newer, this one has version " + type.version()
                    + "; compile for a newer release";
        }
        return null;
    }

    /** Why there is too much of this method for a class file; null if there is not. */
    private static @Nullable String tooMuch(Method method, Iterable<Method> others) {
        int length = encodedLength(method.definition());
        if (length > LONGEST_CONSTANT) {
            return "its annotations take " + length + " bytes as text, and a class file holds " + LONGEST_CONSTANT
                    + " in one constant; shorten them";
        }
        for (Method other : others) {
            if (method.isWide()
                    && other.isWide()
                    && other.member().name().equals(method.member().name())) {
                return "only one of several methods of the same name can have more than " + Method.MOST_SLOTS
                        + " parameters (long and double count twice); rename one of them";
            }
        }
        return null;
    }

    /** How many bytes a class file takes for this text. */
    private static int encodedLength(String text) {
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            length += c != 0 && c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
        }
        return length;
    }

    private static Weaving weave(ClassReader reader, ClassFacts type, Map<String, Method> chosen, List<String> left) {
        try {
            return woven(Wrapping.apply(reader, type, chosen), chosen, left);
        } catch (ClassTooLargeException full) {
            left.add(Place.of(type.name()) + ": the class file has no room for woven methods, it would need "
                    + full.getConstantPoolCount() + " constants and may have 65535; split the class");
            return new Weaving(null, List.of(), left);
        } catch (RuntimeException oneOfThem) {
            Map<String, Method> good = withoutTheBad(reader, type, chosen, left);
            if (good.isEmpty()) {
                return new Weaving(null, List.of(), left);
            }
            return woven(Wrapping.apply(reader, type, good), good, left);
        }
    }

    /** Tries each method alone, so that one does not cost the class the others. */
    private static Map<String, Method> withoutTheBad(
            ClassReader reader, ClassFacts type, Map<String, Method> chosen, List<String> left) {
        Map<String, Method> good = new LinkedHashMap<>();
        chosen.forEach((signature, method) -> {
            try {
                Wrapping.apply(reader, type, Map.of(signature, method));
                good.put(signature, method);
            } catch (RuntimeException bad) {
                left.add(Place.of(
                                type.name(),
                                method.member().name(),
                                method.member().descriptor()) + ": the method cannot be woven (" + bad
                        + "); it runs as if it had no annotations");
            }
        });
        return good;
    }

    private static Weaving woven(byte @Nullable [] classFile, Map<String, Method> chosen, List<String> left) {
        List<Weaving.Woven> methods = new ArrayList<>();
        for (Method method : chosen.values()) {
            methods.add(
                    new Weaving.Woven(method.member().name(), method.member().descriptor(), method.definition()));
        }
        return new Weaving(classFile, methods, left);
    }

    private static Weaving left(String message) {
        return new Weaving(null, List.of(), List.of(message));
    }

    private static String nameOf(byte[] classFile) {
        ClassBytes bytes = ClassBytes.firstLook(classFile);
        try {
            String descriptor = bytes == null ? "" : bytes.descriptor();
            return descriptor.isEmpty() ? "a class" : Place.of(descriptor.substring(1, descriptor.length() - 1));
        } catch (IndexOutOfBoundsException damaged) {
            return "a class";
        }
    }

    private static String remedy(byte[] classFile) {
        int version = classFile.length < 8 ? 0 : (classFile[6] & 0xFF) << 8 | (classFile[7] & 0xFF);
        return version > NEWEST
                ? "it has version " + version + ", and " + NEWEST + " is the newest that this Holdfast knows:"
                        + " use a newer Holdfast, or compile for an older release"
                : "it is loaded as it was";
    }
}
