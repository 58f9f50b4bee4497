import { build } from "esbuild";
import { gzipSync } from "node:zlib";
const root = process.cwd();
const alias = {name:"a",setup(b){b.onResolve({filter:/^sessionwire/},a=>{const s=a.path.slice(12);const p=!s?"src/index":["backend","sockets"].includes(s)?"src/"+s:"adapters/"+s;return {path:root+"/"+p+".ts"}})}};
const programs={ redis:`export { withConnectionCheck } from "sessionwire"; export { createRedisHandler } from "sessionwire/redis";`,
express:`export { withConnectionCheck } from "sessionwire"; export { createExpressStore } from "sessionwire/express"; export { createRedisHandler } from "sessionwire/redis";`};
const r = await build({stdin:{contents:programs[process.argv[2]],resolveDir:root},bundle:true,minify:true,platform:"node",format:"esm",external:["ioredis","express-session","ws"],write:false,metafile:true,plugins:[alias],splitting:true,outdir:"/tmp/o",target:"es2023"});
for(const f of r.outputFiles) console.log(f.path,f.contents.length,gzipSync(f.contents,{level:9}).length);
const o=Object.values(r.metafile.outputs)[0];
for(const [k,v] of Object.entries(o.inputs).map(([k,v])=>[k,v.bytesInOutput]).sort((a,b)=>b[1]-a[1])) if(v>0) console.log(v,k);
