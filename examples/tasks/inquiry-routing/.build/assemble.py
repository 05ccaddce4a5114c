import io
exec(open('split.py',encoding='utf8').read())
OUT='..'
txt=lambda i: rows[i][3].replace('\\n','\n')
rnd=random.Random(77)
E_=list(ex); rnd.shuffle(E_); S_=list(S2); rnd.shuffle(S_)
with open(OUT+'/examples.csv','w',encoding='utf8',newline='') as f:
    w=csv.writer(f,lineterminator='\r\n'); w.writerow(['external_id','text','label'])
    for n,i in enumerate(E_): w.writerow([f'inquiry-{1001+n}',txt(i),rows[i][0]])
nums=rnd.sample(range(1200,9900),len(S_)); subj=[f'customer-{n}' for n in nums]
for _ in range(26):   # some customers write again later
    a=rnd.randrange(0,len(S_)-1); b=rnd.randrange(a+1,len(S_)); subj[b]=subj[a]
with open(OUT+'/stream.ndjson','w',encoding='utf8') as f, open(OUT+'/truth.ndjson','w',encoding='utf8') as t:
    for n,i in enumerate(S_):
        e=f'inquiry-{5001+n}'
        f.write(json.dumps({'external_id':e,'subject':subj[n],'input':{'text':txt(i)}},ensure_ascii=False)+'\n')
        t.write(json.dumps({'external_id':e,'label':rows[i][0]})+'\n')
task=json.load(open('task_src.json',encoding='utf8')); task['instructions']=open('instructions.md',encoding='utf8').read().strip()
json.dump(task,open(OUT+'/task.json','w',encoding='utf8'),ensure_ascii=False,indent=2); open(OUT+'/task.json','a').write('\n')
C=lambda I,p: sum(1 for i in I if p(rows[i]))
order=[l['name'] for l in task['labels']]
tab='\n'.join(f'| `{q}` | {C(ex,lambda r:r[0]==q)} | {C(S2,lambda r:r[0]==q)} |' for q in order)
tab+=f'\n| **total** | **{len(ex)}** | **{len(S2)}** |'
st=lambda p: (C(ex,p),C(S2,p))
print(tab); print('hard',st(lambda r:r[1]),'lang',st(lambda r:r[2]!='en'),collections.Counter(rows[i][2] for i in range(N)),'subjects',len(set(subj)),len(subj))
json.dump({'tab':tab,'hard':st(lambda r:r[1]),'lang':st(lambda r:r[2]!='en'),'langs':collections.Counter(rows[i][2] for i in range(N)),'subj':len(set(subj))},open('stats.json','w'))
