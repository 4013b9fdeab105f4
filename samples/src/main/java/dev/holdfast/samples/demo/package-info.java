/** The stage around the price service: a market that goes wrong on demand, and customers who watch what comes of it. */
package dev.holdfast.samples.demo;
