/** What programs compile against: the annotations of Holdfast, and the exceptions that it throws. */
module dev.holdfast.annotations {
    exports dev.holdfast;
}
