import { Admin } from '@platformatic/kafka';
import { startKafka } from '@understudy/components';
import { openKafkaBus } from './index.ts';
const k = await startKafka(); const admin=new Admin({clientId:'t',bootstrapBrokers:[k.bootstrap]});
const mk=(n:string)=>{const l:any={info:(f:any,m:string)=>console.log(n,m,JSON.stringify(f)),warn:(f:any,m:string)=>console.log(n,'WARN',m,JSON.stringify(f)),debug(){},error(){},child(){return l}};return l};
const open=(n:string)=>openKafkaBus(k.url+'?session-ms=2000',{logger:mk(n)});
let c=0; const msgs=(n:number)=>Array.from({length:n},()=>({id:`m${++c}`,key:`k${c%40}`,headers:{},body:new TextEncoder().encode('x')}));
const stop=Date.now()+70000;
for(let r=0;r<14;r++){
 const topic='t'+r; const [a,b,d]=[open('a'),open('b'),open('d')];
 await admin.createTopics({topics:[topic],partitions:6}); await a.ensureTopic(topic);
 const done=new Map<string,number>(); const sent=msgs(1200);
 const consume=(bus:any)=>bus.consume({topic,group:'moving'+r,batch:20},async({messages,signal}:any)=>{await new Promise(x=>setImmediate(x)); if(!signal.aborted) for(const {id} of messages) done.set(id,(done.get(id)??0)+1); return undefined;});
 const until=async(w:string,f:()=>boolean)=>{const s=Date.now(); while(!f()){ if(Date.now()-s>15000||Date.now()>stop){console.log('STUCK',w,done.size,[s1,s2,s3].map((x:any)=>x&&[x.state,x.problem])); for(const s of [s1,s2,s3]) console.log(await s?.lag()); process.exit(1);} await new Promise(x=>setTimeout(x,20));}};
 let s1:any,s2:any,s3:any;
 s1=consume(a); await a.publish(topic,sent.slice(0,400)); s2=consume(b); await a.publish(topic,sent.slice(400,800));
 await until('500',()=>done.size>500); s3=consume(d); await a.publish(topic,sent.slice(800)); console.log('closing first'); await s1.close(); console.log('closed first');
 await until('all',()=>done.size===1200); console.log('all'); await s2.close(); await s3.close(); console.log(r,'ok',[...done.values()].reduce((x,y)=>x+y,0));
 await Promise.all([a,b,d].map(x=>x.close()));
}
await admin.close(); await k.close();
