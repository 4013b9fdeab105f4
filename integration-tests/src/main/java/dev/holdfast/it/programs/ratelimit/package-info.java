/** Programs whose methods are limited. */
package dev.holdfast.it.programs.ratelimit;
