'use strict';
// What the page asks of the module, whose functions stand in the object gpw.

// The module refused; fields says which fields of the page are wrong.
class Refused extends Error {
	constructor(reply) {
		super(reply.error);
		this.fields = reply.fields;
	}
}

function read(reply) {
	const answer = JSON.parse(reply);
	if ('error' in answer) throw new Refused(answer);
	return answer.value;
}

// ask calls a function of the module and returns its answer.
function ask(name, ...args) {
	return read(gpw[name](...args));
}

// askLater is for the measurements, which run beside the page.
async function askLater(name, ...args) {
	return read(await gpw[name](...args));
}

// A Frame has the numbers of one panel, which the module writes into its memory.
class Frame {
	constructor(panel, offers) {
		const { header, point, planes } = offers.layout, most = offers.bounds.points;
		this.panel = panel;
		this.layout = offers.layout;
		this.numbers = new Float64Array(header.length + most * point.length + most * most * planes.length);
		this.bytes = new Uint8Array(this.numbers.buffer);
		this.failed = '';
		this.n = 0;
	}

	// read fetches the numbers of n points.
	read(n) {
		this.n = n;
		this.failed = gpw.frame(this.panel, this.bytes);
	}

	header(name) {
		return this.numbers[this.layout.header.indexOf(name)];
	}

	point(i, name) {
		const { header, point } = this.layout;
		return this.numbers[header.length + i * point.length + point.indexOf(name)];
	}

	// plane returns the numbers of all pairs, a row for each anchor.
	plane(name) {
		const { header, point, planes } = this.layout, size = this.n * this.n;
		const from = header.length + this.n * point.length + planes.indexOf(name) * size;
		return this.numbers.subarray(from, from + size);
	}
}
