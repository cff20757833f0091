// Ends after everybody else.
setTimeout(() => { console.log('late is through') }, 100)
