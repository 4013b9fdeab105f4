package dev.holdfast.agent.weave;

/**
 * Tells in a few microseconds whether a class file may hold anything to weave. Every class that the application loads goes through
 * here, and nearly all of them end here.
 *
 * <p>First the constant pool is walked for the descriptors of Holdfast's annotations. Only where the class has other annotations,
 * which are not of a well-known library, is it asked whether those are composed of ours.
 */
public final class ClassScan {

    private ClassScan() {}

    /**
     * Whether the weaver should look at this class. True for a few classes that turn out to have nothing to weave; false is certain.
     * Remembers annotation types that come by. Never throws, whatever the bytes are.
     *
     * @param types what the class's loader sees of composed annotations
     */
    public static boolean concerns(byte[] classFile, ComposedAnnotations.View types) {
        ClassBytes file = ClassBytes.firstLook(classFile);
        return file != null && concerns(file, types);
    }

    private static boolean concerns(ClassBytes file, ComposedAnnotations.View types) {
        try {
            if (file.isAnnotationType()) {
                types.saw(file);
                return false;
            }
            if (file.namesKind()) {
                return true;
            }
            for (String annotation : file.annotations()) {
                if (types.find(annotation) != null) {
                    return true;
                }
            }
            return false;
        } catch (IndexOutOfBoundsException damaged) {
            return false; // the JVM will say so better
        }
    }
}
