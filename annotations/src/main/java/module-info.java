/** What programs compile against: the annotations of Holdfast, and the exceptions that it throws. */
module dev.holdfast.annotations {
    requires static java.compiler;
    requires static org.jspecify;

    exports dev.holdfast;
}
