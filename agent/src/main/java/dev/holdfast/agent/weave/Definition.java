package dev.holdfast.agent.weave;

import dev.holdfast.definition.Faults;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * What one element of a class file says of one kind or more: a method, a class, or an annotation type. An annotation of Holdfast's
 * that stands on the element itself beats those that composed annotations bring; a kind that is not repeatable can come from one of
 * those only.
 *
 * @param byKind in the order of {@link Kind}
 */
record Definition(Map<Kind, Said> byKind) {

    /** What is said of one kind: annotations, or faults, as they stand in the definition text. */
    record Said(List<Annotation> annotations, List<String> faults) {}

    /** What the element with these annotations says. */
    static Definition of(List<Annotation> element, ComposedAnnotations.View types) {
        return element.isEmpty() ? new Definition(Map.of()) : of(element, types, new HashSet<>());
    }

    private static Definition of(List<Annotation> element, ComposedAnnotations.View types, Set<String> path) {
        Map<Kind, List<Annotation>> direct = new LinkedHashMap<>();
        Map<Kind, Map<String, Said>> brought = new LinkedHashMap<>();
        for (Annotation annotation : element) {
            Kind own = Kind.of(annotation.descriptor());
            Kind held = Kind.heldBy(annotation.descriptor());
            if (own != null) {
                add(direct, own, List.of(annotation));
            } else if (held != null) {
                add(direct, held, heldIn(annotation));
            } else if (path.add(annotation.descriptor())) {
                byte[] type = types.find(annotation.descriptor());
                if (type != null) {
                    for (Map.Entry<Kind, Said> said :
                            of(annotationsOf(type), types, path).byKind.entrySet()) {
                        Map<String, Said> sameKind = brought.get(said.getKey());
                        if (sameKind == null) {
                            sameKind = new LinkedHashMap<>();
                            brought.put(said.getKey(), sameKind);
                        }
                        sameKind.put(annotation.descriptor(), said.getValue());
                    }
                }
                path.remove(annotation.descriptor());
            }
        }
        Map<Kind, Said> byKind = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            List<Annotation> own = direct.get(kind);
            Map<String, Said> others = brought.get(kind);
            if (own != null) {
                byKind.put(kind, new Said(kind.repeatable() ? own : own.subList(0, 1), List.of()));
            } else if (others != null) {
                byKind.put(kind, joined(kind, others));
            }
        }
        return new Definition(byKind);
    }

    private static Said joined(Kind kind, Map<String, Said> brought) {
        if (brought.size() == 1) {
            return brought.values().iterator().next();
        }
        List<Annotation> annotations = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Said said : brought.values()) {
            annotations.addAll(said.annotations());
            faults.addAll(said.faults());
        }
        if (kind.repeatable()) {
            return new Said(annotations, faults);
        }
        List<String> names = brought.keySet().stream()
                .map(descriptor -> Type.getType(descriptor).getClassName())
                .toList();
        faults.add(0, Faults.broughtTwice(kind.written(), names));
        return new Said(List.of(), faults);
    }

    private static void add(Map<Kind, List<Annotation>> to, Kind kind, List<Annotation> annotations) {
        List<Annotation> known = to.get(kind);
        if (known == null) {
            known = new ArrayList<>();
            to.put(kind, known);
        }
        known.addAll(annotations);
    }

    private static List<Annotation> heldIn(Annotation container) {
        List<Annotation> held = new ArrayList<>();
        if (container.values().get("value") instanceof List<?> elements) {
            for (Object element : elements) {
                if (element instanceof Annotation annotation) {
                    held.add(annotation);
                }
            }
        }
        return held;
    }

    private static List<Annotation> annotationsOf(byte[] annotationType) {
        List<Annotation> annotations = new ArrayList<>();
        new ClassReader(annotationType)
                .accept(
                        new ClassVisitor(Opcodes.ASM9) {
                            @Override
                            public AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
                                return Annotation.into(annotations, descriptor);
                            }
                        },
                        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        return annotations;
    }

    boolean isEmpty() {
        return byKind.isEmpty();
    }

    /** This one, and of the kinds about which it is silent, what the other says. */
    Definition or(Definition other) {
        if (byKind.isEmpty() || other.byKind.isEmpty()) {
            return byKind.isEmpty() ? other : this;
        }
        Map<Kind, Said> both = new LinkedHashMap<>();
        for (Kind kind : Kind.values()) {
            Said said = byKind.containsKey(kind) ? byKind.get(kind) : other.byKind.get(kind);
            if (said != null) {
                both.put(kind, said);
            }
        }
        return new Definition(both);
    }

    /** What of a class's definition counts for its method of that name: one that it names as fallback is not to be recovered by itself. */
    Definition covering(String method) {
        Said recover = byKind.get(Kind.RECOVER);
        if (recover == null) {
            return this;
        }
        for (Annotation annotation : recover.annotations()) {
            if (method.equals(annotation.values().get("fallback"))) {
                Map<Kind, Said> rest = new LinkedHashMap<>(byKind);
                rest.remove(Kind.RECOVER);
                return new Definition(rest);
            }
        }
        return this;
    }

    /** Whether the method must be asked before its body runs. */
    boolean gated() {
        for (Map.Entry<Kind, Said> said : byKind.entrySet()) {
            for (Annotation annotation : said.getValue().annotations()) {
                if (said.getKey().gates(annotation)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean hasTemplates() {
        for (Kind kind : byKind.keySet()) {
            if (kind.hasTemplates()) {
                return true;
            }
        }
        return false;
    }

    /** The kinds as users write them, as in {@code @RateLimited and @Recover}. */
    String written() {
        List<String> written = new ArrayList<>();
        for (Kind kind : byKind.keySet()) {
            written.add(kind.written());
        }
        return String.join(" and ", written);
    }

    /**
     * The form that the runtime parses: one line for each fault or annotation, and where a text may name parameters of the method, one with the
     * names that reflection will not tell.
     */
    String text(ClassFacts.Member method, ParameterNames names) {
        List<String> lines = new ArrayList<>();
        if (hasTemplates()) {
            String known = names.beyondReflection(method);
            if (!known.isEmpty()) {
                lines.add("#" + Annotation.escaped(known));
            }
        }
        for (Said said : byKind.values()) {
            for (String fault : said.faults()) {
                lines.add("!" + Annotation.escaped(fault));
            }
            for (Annotation annotation : said.annotations()) {
                lines.add(annotation.text());
            }
        }
        return String.join("\n", lines);
    }
}
