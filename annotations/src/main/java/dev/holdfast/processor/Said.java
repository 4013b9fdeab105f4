package dev.holdfast.processor;

import dev.holdfast.definition.AnnotationReader;
import dev.holdfast.definition.Definition;
import dev.holdfast.definition.Faults;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.annotation.processing.Messager;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeMirror;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/**
 * What an element of the source says by Holdfast's annotations, and where it stands. One that stands on the element itself beats those that other
 * annotations bring; one that is not repeatable can come from one of those only. It is the rule of the weaver, which knows class files.
 */
final class Said {

    private static final String PACKAGE = "dev.holdfast.";

    /** By simple name of the annotation, in the order of the readers. */
    private final Map<String, Kind> kinds;

    /** What is said of one annotation. */
    private record Kind(List<Found> found, List<String> faults) {}

    /**
     * An annotation of ours.
     *
     * @param bearer the element that it stands on, or where the annotation stands that brings it
     * @param at what stands there
     * @param written its own attributes and those of annotations within it, for positions; empty if it was brought
     */
    private record Found(
            Definition definition,
            Element bearer,
            AnnotationMirror at,
            IdentityHashMap<Definition, AnnotationMirror> written) {}

    private Said(Map<String, Kind> kinds) {
        this.kinds = kinds;
    }

    /** What stands on a method or class. */
    static Said by(Element element, List<AnnotationReader<?>> readers, ProcessingEnvironment environment) {
        Set<String> names = new HashSet<>();
        for (AnnotationReader<?> reader : readers) {
            names.add(reader.annotation());
        }
        return by(element, names, environment, new HashSet<>());
    }

    private static Said by(Element element, Set<String> names, ProcessingEnvironment environment, Set<String> path) {
        Map<String, List<Found>> direct = new LinkedHashMap<>();
        Map<String, Map<String, Kind>> brought = new LinkedHashMap<>();
        for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
            TypeElement type = (TypeElement) mirror.getAnnotationType().asElement();
            String name = type.getQualifiedName().toString();
            String own = name.startsWith(PACKAGE) ? name.substring(PACKAGE.length()) : "";
            if (names.contains(own)) {
                direct.computeIfAbsent(own, none -> new ArrayList<>()).add(found(mirror, element, environment));
            } else if (own.endsWith(".List") && names.contains(own.substring(0, own.length() - ".List".length()))) {
                for (AnnotationMirror one : held(mirror)) {
                    direct.computeIfAbsent(own.substring(0, own.length() - ".List".length()), none -> new ArrayList<>())
                            .add(found(one, element, environment));
                }
            } else if (path.add(name)) {
                by(type, names, environment, path).kinds.forEach((kind, said) -> {
                    List<Found> here = new ArrayList<>();
                    for (Found found : said.found()) {
                        here.add(new Found(found.definition(), element, mirror, new IdentityHashMap<>()));
                    }
                    brought.computeIfAbsent(kind, none -> new LinkedHashMap<>())
                            .put(name, new Kind(here, said.faults()));
                });
                path.remove(name);
            }
        }
        Map<String, Kind> kinds = new LinkedHashMap<>();
        brought.forEach((kind, others) -> kinds.put(kind, joined(kind, others, environment)));
        direct.forEach((kind, found) -> kinds.put(kind, new Kind(found, List.of())));
        return new Said(kinds);
    }

    private static Kind joined(String kind, Map<String, Kind> brought, ProcessingEnvironment environment) {
        List<Found> found = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        for (Kind one : brought.values()) {
            found.addAll(one.found());
            faults.addAll(one.faults());
        }
        boolean repeatable = environment.getElementUtils().getTypeElement(PACKAGE + kind + ".List") != null;
        if (brought.size() == 1 || repeatable) {
            return new Kind(found, faults);
        }
        faults.add(0, Faults.broughtTwice("@" + kind, List.copyOf(brought.keySet())));
        return new Kind(List.of(), faults);
    }

    private static List<AnnotationMirror> held(AnnotationMirror container) {
        List<AnnotationMirror> held = new ArrayList<>();
        for (AnnotationValue value : container.getElementValues().values()) {
            if (value.getValue() instanceof List<?> list) {
                for (Object one : list) {
                    if (((AnnotationValue) one).getValue() instanceof AnnotationMirror mirror) {
                        held.add(mirror);
                    }
                }
            }
        }
        return held;
    }

    private static Found found(AnnotationMirror mirror, Element element, ProcessingEnvironment environment) {
        IdentityHashMap<Definition, AnnotationMirror> written = new IdentityHashMap<>();
        return new Found(definition(mirror, written, environment), element, mirror, written);
    }

    private static Definition definition(
            AnnotationMirror mirror,
            IdentityHashMap<Definition, AnnotationMirror> written,
            ProcessingEnvironment environment) {
        Map<String, Object> attributes = new LinkedHashMap<>();
        mirror.getElementValues()
                .forEach((attribute, value) ->
                        attributes.put(attribute.getSimpleName().toString(), value(value, written, environment)));
        Definition definition = new Definition(
                mirror.getAnnotationType().asElement().getSimpleName().toString(), attributes);
        written.put(definition, mirror);
        return definition;
    }

    private static Object value(
            AnnotationValue given,
            IdentityHashMap<Definition, AnnotationMirror> written,
            ProcessingEnvironment environment) {
        Object value = given.getValue();
        if (value instanceof List<?> list) {
            List<Object> values = new ArrayList<>();
            for (Object one : list) {
                values.add(value((AnnotationValue) one, written, environment));
            }
            return List.copyOf(values);
        }
        if (value instanceof AnnotationMirror nested) {
            return definition(nested, written, environment);
        }
        if (value instanceof VariableElement constant) {
            return new Definition.Name(constant.getSimpleName().toString());
        }
        if (value instanceof TypeMirror type) {
            return new Definition.Name(SourceType.use(type, environment).typeName());
        }
        if (value instanceof Float || value instanceof Double) {
            return ((Number) value).doubleValue();
        }
        return value instanceof Number number ? (Object) number.longValue() : value;
    }

    boolean isEmpty() {
        return kinds.isEmpty();
    }

    /** This, and of the annotations about which it is silent, what the other says. */
    Said or(Said other) {
        Map<String, Kind> both = new LinkedHashMap<>(other.kinds);
        both.putAll(kinds);
        return new Said(both);
    }

    /** What of a class's definitions counts for its method of that name: one that it names as fallback is not to be recovered by itself. */
    Said covering(String method) {
        Map<String, Kind> rest = new LinkedHashMap<>(kinds);
        rest.values().removeIf(kind -> kind.found().stream()
                .anyMatch(found -> method.equals(found.definition().attributes().get("fallback"))));
        return new Said(rest);
    }

    /** All annotations. */
    List<Definition> definitions() {
        List<Definition> definitions = new ArrayList<>();
        for (Kind kind : kinds.values()) {
            for (Found found : kind.found()) {
                definitions.add(found.definition());
            }
        }
        return definitions;
    }

    /** The annotations as they are written, as in {@code @RateLimited and @Recover}. */
    String written() {
        return "@" + String.join(" and @", kinds.keySet());
    }

    /** Tells the compiler that there is no use in them here. */
    void refuse(String message, ExecutableElement method, Messager messager) {
        for (Kind kind : kinds.values()) {
            for (Found found : kind.found()) {
                messager.printMessage(Diagnostic.Kind.ERROR, message, found.bearer(), found.at());
                return;
            }
        }
        messager.printMessage(Diagnostic.Kind.ERROR, message, method);
    }

    /** What is wrong with how they come together. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        for (Kind kind : kinds.values()) {
            faults.addAll(kind.faults());
        }
        return faults;
    }

    /** Tells the compiler, as near to the mistake as it can be pointed at. */
    void tell(Faults.Fault fault, ExecutableElement method, Messager messager) {
        for (Kind kind : kinds.values()) {
            for (Found found : kind.found()) {
                AnnotationMirror mirror = found.written().get(fault.definition());
                if (mirror != null) {
                    AnnotationValue value = value(mirror, fault.attribute());
                    if (value == null) {
                        messager.printMessage(Diagnostic.Kind.ERROR, fault.message(), found.bearer(), mirror);
                    } else {
                        messager.printMessage(Diagnostic.Kind.ERROR, fault.message(), found.bearer(), mirror, value);
                    }
                    return;
                }
                if (found.definition().equals(fault.definition())) {
                    messager.printMessage(Diagnostic.Kind.ERROR, fault.message(), found.bearer(), found.at());
                    return;
                }
            }
        }
        messager.printMessage(Diagnostic.Kind.ERROR, fault.message(), method);
    }

    private static @Nullable AnnotationValue value(AnnotationMirror mirror, @Nullable String attribute) {
        for (Map.Entry<? extends ExecutableElement, ? extends AnnotationValue> one :
                mirror.getElementValues().entrySet()) {
            if (one.getKey().getSimpleName().contentEquals(attribute == null ? "" : attribute)) {
                return one.getValue();
            }
        }
        return null;
    }
}
